{{/*
RabbitMQ's nodes among themselves: their names, which they have before they are ready, and the ports of Erlang.
*/}}
{{- define "nodes" }}
{{- $of := dict "root" . "name" "rabbitmq" }}
---
apiVersion: v1
kind: Service
metadata:
  name: rabbitmq-nodes
  labels:
    {{- include "labels" $of | nindent 4 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "selector" $of | nindent 4 }}
  ports:
    - {name: epmd, port: 4369}
    - {name: distribution, port: 25672}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: rabbitmq-nodes
  labels:
    {{- include "labels" $of | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "selector" $of | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: &nodes
        - podSelector:
            matchLabels:
              {{- include "selector" $of | nindent 14 }}
      ports: &erlang
        - port: 4369
        - port: 25672
  egress:
    - to: *nodes
      ports: *erlang
{{- end }}
