{{/*
alertmanager.yml: compose's, told by other ways to other people.
*/}}
{{- define "alertmanager" -}}
{{- $own := .Values.alertmanager }}
{{- $found := .Files.Get "files/alertmanager/alertmanager.yml" | fromYaml }}
{{- $ways := dict
      "smtp_smarthost" (required "alertmanager.smtp: the relay for mail, HOST:PORT" $own.smtp)
      "smtp_from" $own.from "smtp_require_tls" $own.tls "telegram_api_url" $own.telegram }}
{{- $_ := set $found "global" (merge $ways $found.global) }}
{{- $_ := set $found "route" (merge (dict "group_wait" $own.wait "group_interval" $own.again) $found.route) }}
{{- $_ := set $found "templates" (list "/etc/templates/*.tmpl") }}
{{- range $found.receivers }}
{{- range .email_configs }}{{ $_ := set . "to" $own.to }}{{ end }}
{{- range .slack_configs }}{{ $_ := set . "channel" $own.channel }}{{ end }}
{{- range .telegram_configs }}{{ $_ := set . "chat_id" (int64 $own.chat) }}{{ end }}
{{- end }}
{{- toYaml $found }}
{{- end }}
