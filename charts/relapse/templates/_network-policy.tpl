{{/* What reaches one service and what it reaches: dict "root" "word" "service". Everything else is refused by deny-all. */}}
{{- define "relapse.networkPolicy" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $word := .word -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "relapse.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- $ingress := include "relapse.networkPolicy.callers" . | trim }}
  {{- if $ingress }}
  ingress: {{- $ingress | nindent 4 }}
  {{- end }}
  egress:
    {{- include "relapse.networkPolicy.dns" $root | nindent 4 }}
    {{- range .service.calls }}
    - to:
        - podSelector:
            matchLabels: {{- include "relapse.selector" (dict "root" $root "word" .) | nindent 14 }}
      ports: {{- include "relapse.networkPolicy.ports" $.service.kind | nindent 8 }}
    {{- end }}
    {{- if .service.postgres }}
    {{- include "relapse.networkPolicy.store" (dict "root" $root "word" "postgres" "store" $values.postgres "peers" $values.networkPolicy.postgres) | nindent 4 }}
    {{- end }}
    {{- if and .service.redis (ne $values.redis.mode "none") }}
    {{- include "relapse.networkPolicy.store" (dict "root" $root "word" "redis" "store" $values.redis "peers" $values.networkPolicy.redis) | nindent 4 }}
    {{- end }}
    {{- if include "relapse.hasIssuer" $root }}
    {{- include "relapse.networkPolicy.outside" (dict "name" "issuer" "peers" $values.networkPolicy.issuer) | nindent 4 }}
    {{- end }}
    {{- if $values.telemetry.endpoint }}
    {{- include "relapse.networkPolicy.outside" (dict "name" "collector" "peers" $values.networkPolicy.collector) | nindent 4 }}
    {{- end }}
    {{- if and $values.dapr.enabled .service.events }}
    - to: {{- include "relapse.peers" (dict "name" "dapr.to" "peers" $values.networkPolicy.dapr.to) | nindent 8 }}
      ports:
        {{- range $values.networkPolicy.dapr.ports }}
        - port: {{ . }}
          protocol: TCP
        {{- else }}
        {{- fail "networkPolicy.dapr.ports is needed: without one every port there is open" }}
        {{- end }}
    {{- if include "relapse.hasBrokerElsewhere" $root }}
    {{- include "relapse.networkPolicy.outside" (dict "name" "broker" "peers" $values.networkPolicy.broker) | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end -}}

{{/* The services that call this one, and for the gateway whoever is let in and `helm test`. */}}
{{- define "relapse.networkPolicy.callers" -}}
{{- $root := .root -}}
{{- $word := .word -}}
{{- range $caller, $given := $root.Values.services }}
{{- $service := include "relapse.service" (dict "root" $root "given" $given) | fromYaml }}
{{- if has $word $service.calls }}
- from:
    - podSelector:
        matchLabels: {{- include "relapse.selector" (dict "root" $root "word" $caller) | nindent 10 }}
  ports: {{- include "relapse.networkPolicy.ports" $service.kind | nindent 4 }}
{{- end }}
{{- end }}
{{- if eq .service.kind "gateway" }}
- from:
    - podSelector:
        matchLabels: {{- include "relapse.selector" (dict "root" $root "word" "test") | nindent 10 }}
  ports:
    - port: {{ include "relapse.port.http" . }}
      protocol: TCP
{{- with $root.Values.networkPolicy.gatewayFrom }}
- from: {{- toYaml . | nindent 4 }}
  ports: {{- include "relapse.networkPolicy.ports" "gateway" | nindent 4 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The ports that a caller of a kind calls: services call each other by gRPC alone, the gateway has both faces of each. */}}
{{- define "relapse.networkPolicy.ports" -}}
{{- if eq . "gateway" -}}
- port: {{ include "relapse.port.http" . }}
  protocol: TCP
{{ end -}}
- port: {{ include "relapse.port.grpc" . }}
  protocol: TCP
{{- end -}}

{{- define "relapse.networkPolicy.dns" -}}
- to: {{- include "relapse.peers" (dict "name" "dns" "peers" .Values.networkPolicy.dns) | nindent 4 }}
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}

{{- define "relapse.networkPolicy.store" -}}
{{- if eq .store.mode "trial" -}}
- to:
    - podSelector:
        matchLabels: {{- include "relapse.selector" . | nindent 10 }}
  ports:
    - port: {{ include "relapse.networkPolicy.port" (dict "name" .word "peers" .peers) }}
      protocol: TCP
{{- else -}}
{{ include "relapse.networkPolicy.outside" (dict "name" .word "peers" .peers) }}
{{- end -}}
{{- end -}}

{{- define "relapse.networkPolicy.outside" -}}
- to: {{- include "relapse.peers" (dict "name" (printf "%s.to" .name) "peers" (.peers | default dict).to) | nindent 4 }}
  ports:
    - port: {{ include "relapse.networkPolicy.port" . }}
      protocol: TCP
{{- end -}}

{{/* A port that is null would be every port. */}}
{{- define "relapse.networkPolicy.port" -}}
{{ required (printf "networkPolicy.%s.port is needed: without it every port there is open" .name) (.peers | default dict).port }}
{{- end -}}
