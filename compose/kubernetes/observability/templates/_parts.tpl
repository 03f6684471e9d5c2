{{/*
A watcher: of root, name, and what "workload" takes. What it keeps lies in a volume of its own.
*/}}
{{- define "watcher" -}}
{{- $own := index .root.Values .name }}
{{- include "workload" (merge . (dict "image" .name "replicas" 1 "grace" 60
      "kind" (ternary "StatefulSet" "Deployment" (hasKey . "volumes")) "storage" $own.storage "resources" $own.resources)) }}
{{- include "policy" . }}
{{- end }}

{{/*
The namespaces of environments, as who is let in from there: those of their pods that are labelled so, or all. Of root, pods.
*/}}
{{- define "environments" -}}
- namespaceSelector:
    matchExpressions:
      - {key: kubernetes.io/metadata.name, operator: In, values: {{ toJson .root.Values.environments }}}
  {{- with .pods }}
  podSelector:
    matchLabels: {{ toJson . }}
  {{- end }}
{{- end }}
