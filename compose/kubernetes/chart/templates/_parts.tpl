{{/*
What `tradectl topology render chart` wrote.
*/}}
{{- define "topology" -}}
{{ .Files.Get "topology.yaml" }}
{{- end }}

{{/*
Where a process tells of itself.
*/}}
{{- define "telling" -}}
OTEL_SDK_DISABLED: {{ ternary "false" "true" (ne .Values.watching.traces "") | quote }}
OTEL_RESOURCE_ATTRIBUTES: deployment.environment.name={{ .Release.Namespace }}
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {{ .Values.watching.traces | quote }}
OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: {{ .Values.watching.logs | quote }}
{{- end }}

{{/*
A part's variables, with what the environment decides in them: of root and config.
*/}}
{{- define "config" -}}
{{ tpl (toYaml .config) .root }}
{{ include "telling" .root }}
{{- end }}
