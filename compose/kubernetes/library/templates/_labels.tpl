{{/*
The labels of an object, and those by which a part's pods are found: of .root and .name.
*/}}
{{- define "labels" -}}
{{ include "selector" . }}
app.kubernetes.io/part-of: tradectl
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{/*
An image by its digest, and by nothing else: of an entry of .Values.images.
*/}}
{{- define "image" -}}
{{ required (printf "images.%s.repository" .kind) .image.repository }}@{{ required (printf "images.%s.digest: an image is named by its digest" .kind) .image.digest }}
{{- end }}
