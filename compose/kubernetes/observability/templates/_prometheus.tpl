{{/*
prometheus.yml: compose's, but that whom it asks is found by the pods of the environments. Of root, jobs.
*/}}
{{- define "prometheus" -}}
{{- $compose := .root.Files.Get "files/prometheus/prometheus.yml" | fromYaml }}
{{- $every := .root.Values.prometheus.every }}
global:
  scrape_interval: {{ $every }}
  scrape_timeout: {{ ternary "10s" $every (eq $every "15s") }}
  evaluation_interval: {{ $every }}
rule_files: [/etc/rules/*.yml]
alerting: {{ toJson $compose.alerting }}
storage: {{ toJson $compose.storage }}
scrape_configs:
  - job_name: pods
    kubernetes_sd_configs:
      - role: pod
        namespaces: {names: {{ toJson .root.Values.environments }}}
        selectors:
          - {role: pod, label: app.kubernetes.io/part-of=tradectl}
    relabel_configs:
      # Of every port of every pod, those that a job is: whose part and port it says.
      {{- range .jobs }}
      - source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_name, __meta_kubernetes_pod_container_port_name]
        regex: {{ .pod }};{{ .port }}
        target_label: __tmp_job
        replacement: {{ .name }};{{ .kind }}
      {{- end }}
      - {source_labels: [__tmp_job], regex: .+, action: keep}
      - {source_labels: [__meta_kubernetes_pod_phase], regex: Pending|Running, action: keep}
      - {source_labels: [__tmp_job], regex: '(.+);.+', target_label: job}
      - {source_labels: [__tmp_job], regex: '.+;(.+)', target_label: kind}
      - {source_labels: [__meta_kubernetes_namespace], target_label: environment}
      - {source_labels: [__meta_kubernetes_pod_name], target_label: instance}
      # Of a Rollout: which version it is, and whether that is the canary's.
      - {source_labels: [__meta_kubernetes_pod_label_rollouts_pod_template_hash], target_label: revision}
      - {source_labels: [__meta_kubernetes_pod_label_role], target_label: role}
  {{- range $compose.scrape_configs }}
  {{- if has .job_name (list "prometheus" "alertmanager" "loki" "jaeger") }}
  - {{ toJson . }}
  {{- end }}
  {{- end }}
{{- end }}
