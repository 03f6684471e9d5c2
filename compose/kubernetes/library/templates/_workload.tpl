{{/*
A part of the platform: its account without rights, its configuration, its pods, the name that leads to them.
Of what "pod" takes, and: kind, replicas, headless, rollout, most, wave.
*/}}
{{- define "workload" }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- if and .config (not .inline) }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
data:
  {{- toYaml .config | nindent 2 }}
{{- end }}
{{- if .ports }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  {{- if .headless }}
  clusterIP: None
  {{- end }}
  selector:
    {{- include "selector" . | nindent 4 }}
  ports:
    {{- range $port, $number := .ports }}
    - name: {{ $port }}
      port: {{ $number }}
      targetPort: {{ $port }}
    {{- end }}
{{- end }}
---
apiVersion: {{ if eq .kind "Rollout" }}argoproj.io/v1alpha1{{ else }}apps/v1{{ end }}
kind: {{ .kind }}
metadata:
  name: {{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
  {{- with .wave }}
  annotations:
    argocd.argoproj.io/sync-wave: {{ . | quote }}
  {{- end }}
spec:
  {{- if not .most }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      {{- include "selector" . | nindent 6 }}
  {{- if eq .kind "StatefulSet" }}
  serviceName: {{ .nodes | default .name }}
  podManagementPolicy: Parallel
  {{- else if eq .kind "Rollout" }}
  {{- toYaml .rollout | nindent 2 }}
  {{- else }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  {{- end }}
  template:
    {{- include "pod" . | nindent 4 }}
  {{- with .volumes }}
  volumeClaimTemplates:
    {{- range $folder, $claim := . }}
    - metadata:
        name: {{ $claim }}
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: {{ $.storage }}
    {{- end }}
  {{- end }}
{{- if gt (int .replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "selector" . | nindent 6 }}
{{- end }}
{{- with .most }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $.name }}
  labels:
    {{- include "labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: {{ if eq $.kind "Rollout" }}argoproj.io/v1alpha1{{ else }}apps/v1{{ end }}
    kind: {{ $.kind }}
    name: {{ $.name }}
  minReplicas: {{ $.replicas }}
  maxReplicas: {{ . }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
{{- end }}
{{- end }}
