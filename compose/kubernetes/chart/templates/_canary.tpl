{{/*
Prometheus asked again and again, how a canary is: of root, name, query, limit. Nothing measured is nothing wrong.
*/}}
{{- define "measure" -}}
{{- $own := .root.Values.canary.analysis }}
name: {{ .name }}
interval: {{ $own.interval }}
count: {{ $own.count }}
initialDelay: {{ $own.interval }}
failureLimit: {{ $own.failures }}
consecutiveErrorLimit: 10
successCondition: len(result) == 0 || isNaN(result[0]) || result[0] <= {{ .limit }}
provider:
  prometheus:
    address: {{ .root.Values.watching.metrics }}
    query: |
      {{- .query | nindent 6 }}
{{- end }}

{{/*
How a Rollout goes on: so many of its pods are new, then they are looked at, then more. Of root, name.
*/}}
{{- define "canary" -}}
{{- $own := .root.Values.canary }}
{{- $name := .name }}
# What went wrong is told by the analysis, and nobody has to come to take it back.
progressDeadlineSeconds: {{ $own.deadline }}
progressDeadlineAbort: true
# One of the last versions comes back at once: it was looked at when it came.
rollbackWindow:
  revisions: 3
strategy:
  canary:
    maxSurge: 1
    maxUnavailable: 0
    canaryMetadata:
      labels: {role: canary}
    stableMetadata:
      labels: {role: stable}
    steps:
      {{- range $number, $weight := $own.weights }}
      - setWeight: {{ $weight }}
      {{- with $own.pause }}
      - pause: {duration: {{ . }}}
      {{- end }}
      - analysis:
          templates:
            - templateName: {{ $name }}
            {{- if and (eq $name "bff") (eq $number 0) $own.smoke $.root.Values.sim.enabled }}
            - templateName: smoke
            {{- end }}
          args:
            - name: revision
              valueFrom:
                podTemplateHashValue: Latest
      {{- end }}
{{- end }}
