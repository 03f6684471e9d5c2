{{/*
Who may speak with a part: pods that are labelled to call it, on its ports; and those pods may speak out to it.
Of: root, name, ports by name, callee (the word of the label; its name unless said), from (namespace of other callers' pods).
*/}}
{{- define "policy" }}
{{- $callee := .callee | default .name }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "selector" . | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              calls-{{ $callee }}: "yes"
        {{- range .watchers }}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ $.root.Values.watching.namespace }}
          podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ . }}
        {{- end }}
      ports:
        {{- range $port, $number := .ports }}
        - port: {{ $number }}
        {{- end }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: to-{{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      calls-{{ $callee }}: "yes"
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels:
              {{- include "selector" . | nindent 14 }}
      ports:
        {{- range $port, $number := .ports }}
        - port: {{ $number }}
        {{- end }}
{{- end }}
