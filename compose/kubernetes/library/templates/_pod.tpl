{{/*
The pod of a part, under Pod Security "restricted". Of:
  root, name
  image        a kind of .Values.images
  user         whom it runs as; 10001 unless said
  command, args
  config       variables, which are the data of the part's ConfigMap; inline, they are the pod's own
  env          variables that Kubernetes fills in
  secrets      names of keys of the Secret, files of /run/secrets
  files        ConfigMaps, by the folder in which they lie
  writable     folders in memory; /tmp unless said
  scratch      folders on the node's disk, gone with the pod, by how much may be there
  certificates Secrets by their folder; items are the names of their keys as files, where others are wanted
  volumes      claims by their folder
  ports        by name
  probe        how it is asked whether it is ready; alive, whether it lives
  patience     seconds that its start may take
  calls        whom it calls, which lets it through the network policies
  resources, grace
  token        whether it speaks with the cluster's API
*/}}
{{- define "pod" -}}
metadata:
  labels:
    {{- include "selector" . | nindent 4 }}
    app.kubernetes.io/part-of: tradectl
    {{- range .calls }}
    calls-{{ . }}: "yes"
    {{- end }}
  annotations:
    checksum/config: {{ toJson .config | sha256sum }}
    {{- with .checksum }}
    checksum/files: {{ . }}
    {{- end }}
spec:
  serviceAccountName: {{ .account | default .name }}
  automountServiceAccountToken: {{ .token | default false }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .grace | default 30 }}
  {{- with .restart }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .root.Values.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ .user | default 10001 }}
    runAsGroup: {{ .user | default 10001 }}
    fsGroup: {{ .user | default 10001 }}
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- if not .restart }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "image" (dict "kind" .image "image" (index .root.Values.images .image)) }}
      {{- with .command }}
      command: {{ toJson . }}
      {{- end }}
      {{- with .args }}
      args: {{ toJson . }}
      {{- end }}
      {{- if and .config (not .inline) }}
      envFrom:
        - configMapRef:
            name: {{ .name }}
      {{- end }}
      {{- if or .env .inline }}
      env:
        {{- range $variable, $path := .env }}
        - name: {{ $variable }}
          valueFrom:
            fieldRef:
              fieldPath: {{ $path }}
        {{- end }}
        {{- if .inline }}
        {{- range $variable, $text := .config }}
        - name: {{ $variable }}
          value: {{ $text | quote }}
        {{- end }}
        {{- end }}
      {{- end }}
      {{- with .ports }}
      ports:
        {{- range $port, $number := . }}
        - name: {{ $port }}
          containerPort: {{ $number }}
          protocol: TCP
        {{- end }}
      {{- end }}
      {{- with .probe }}
      startupProbe:
        {{- toYaml . | nindent 8 }}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: {{ div ($.patience | default 120) 2 }}
      readinessProbe:
        {{- toYaml . | nindent 8 }}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 2
      {{- end }}
      {{- with .alive }}
      livenessProbe:
        {{- toYaml . | nindent 8 }}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- end }}
      {{- if .drain }}
      lifecycle:
        preStop:
          # Until nobody sends it anything new any more: endpoints are told of its end and not asked.
          sleep:
            seconds: {{ .drain }}
      {{- end }}
      # What it said last stays in the pod's status, whoever took its lines while it lived.
      terminationMessagePolicy: FallbackToLogsOnError
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        {{- range $number, $folder := .writable | default (list "/tmp") }}
        - name: writable-{{ $number }}
          mountPath: {{ $folder }}
        {{- end }}
        {{- range $folder, $most := .scratch }}
        - name: scratch{{ $folder | replace "/" "-" }}
          mountPath: {{ $folder }}
        {{- end }}
        {{- if .secrets }}
        - name: secrets
          mountPath: /run/secrets
          readOnly: true
        {{- end }}
        {{- range $folder, $map := .files }}
        - name: {{ $map }}
          mountPath: {{ $folder }}
          readOnly: true
        {{- end }}
        {{- range $folder, $secret := .certificates }}
        - name: {{ $secret }}
          mountPath: {{ $folder }}
          readOnly: true
        {{- end }}
        {{- range $folder, $claim := .volumes }}
        - name: {{ $claim }}
          mountPath: {{ $folder }}
          # A disk of its own comes with a folder of the file system's.
          subPath: data
        {{- end }}
  volumes:
    {{- range $number, $folder := .writable | default (list "/tmp") }}
    - name: writable-{{ $number }}
      emptyDir:
        medium: Memory
        sizeLimit: 64Mi
    {{- end }}
    {{- range $folder, $most := .scratch }}
    - name: scratch{{ $folder | replace "/" "-" }}
      emptyDir:
        sizeLimit: {{ $most }}
    {{- end }}
    {{- with .secrets }}
    - name: secrets
      secret:
        secretName: {{ $.root.Values.secrets }}
        defaultMode: 0440
        items:
          {{- range . }}
          - key: {{ . }}
            path: {{ . }}
          {{- end }}
    {{- end }}
    {{- range $folder, $map := .files }}
    - name: {{ $map }}
      configMap:
        name: {{ $map }}
        defaultMode: 0555
    {{- end }}
    {{- range $folder, $secret := .certificates }}
    - name: {{ $secret }}
      secret:
        secretName: {{ $secret }}
        defaultMode: 0440
        {{- with $.items }}
        items:
          {{- range $key, $path := . }}
          - key: {{ $key }}
            path: {{ $path }}
          {{- end }}
        {{- end }}
    {{- end }}
{{- end }}
