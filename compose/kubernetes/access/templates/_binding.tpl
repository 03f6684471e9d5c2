{{/*
Groups that have a role in a namespace. Of: root, name, namespace, kind, role, groups.
*/}}
{{- define "binding" }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "labels" (dict "root" .root "name" "access") | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .role }}
subjects:
  {{- range .groups }}
  - kind: Group
    apiGroup: rbac.authorization.k8s.io
    name: {{ . }}
  {{- end }}
{{- end }}
