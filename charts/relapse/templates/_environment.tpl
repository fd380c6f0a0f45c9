{{/*
The environment of a service: dict "root" "word" "service". Every RELAPSE_ setting is one of docs/configuration.md; a test reads the
result with the code that the processes read theirs with.
*/}}
{{- define "relapse.environment" -}}
{{- $root := .root -}}
{{- $service := .service -}}
- name: RELAPSE_BIND
  value: "*"
- name: RELAPSE_HTTP_PORT
  value: {{ include "relapse.port.http" . | quote }}
- name: RELAPSE_GRPC_PORT
  value: {{ include "relapse.port.grpc" . | quote }}
{{ include "relapse.environment.callers" $root }}
{{- range $callee := $service.calls }}
{{- if not (hasKey $root.Values.services $callee) }}{{ fail (printf "services.%s.calls names %s, which is not a service" $.word $callee) }}{{ end }}
{{- $address := include "relapse.name" (dict "root" $root "word" $callee) }}
{{- if eq $service.kind "gateway" }}
- name: RELAPSE_SERVICE_{{ upper $callee }}_HTTP
  value: http://{{ $address }}:{{ include "relapse.port.http" $root }}
- name: RELAPSE_SERVICE_{{ upper $callee }}_GRPC
  value: http://{{ $address }}:{{ include "relapse.port.grpc" $root }}
{{- else if eq $callee "registry" }}
- name: RELAPSE_REGISTRY_ADDRESS
  value: http://{{ $address }}:{{ include "relapse.port.grpc" $root }}
{{- if include "relapse.hasIssuer" $root }}
- name: RELAPSE_REGISTRY_TOKEN_FILE
  value: /etc/relapse/registry/{{ $root.Values.auth.registryToken.key }}
{{- end }}
{{- else }}
- name: RELAPSE_SERVICE_{{ upper $callee }}_GRPC
  value: http://{{ $address }}:{{ include "relapse.port.grpc" $root }}
{{- end }}
{{- end }}
{{- include "relapse.environment.stores" . }}
{{- if and $root.Values.dapr.enabled $service.events }}
- name: RELAPSE_DAPR_ADDRESS
  value: http://localhost:50001
- name: RELAPSE_EVENTS_PUBSUB
  value: {{ $root.Values.dapr.pubsub.name | quote }}
{{- with $root.Values.dapr.topic }}
- name: RELAPSE_EVENTS_TOPIC
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- with $root.Values.telemetry.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ $root.Values.telemetry.protocol | quote }}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: OTEL_RESOURCE_ATTRIBUTES
  value: k8s.namespace.name={{ $root.Release.Namespace }},k8s.pod.name=$(POD_NAME)
{{- end }}
{{- range $name, $value := $service.environment }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "relapse.environment.callers" -}}
{{- if include "relapse.hasIssuer" . -}}
{{- with .Values.auth.authority -}}
- name: RELAPSE_OIDC_AUTHORITY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.auth.keys -}}
- name: RELAPSE_OIDC_KEYS
  value: {{ . | quote }}
{{- end }}
{{- with .Values.auth.issuer }}
- name: RELAPSE_OIDC_ISSUER
  value: {{ . | quote }}
{{- end }}
- name: RELAPSE_OIDC_AUDIENCE
  value: {{ required "auth.audience is needed: a token for somebody else must not be accepted" .Values.auth.audience | quote }}
{{- else -}}
- name: RELAPSE_ALLOW_ANONYMOUS
  value: "true"
{{- end }}
{{- end -}}

{{- define "relapse.environment.stores" -}}
{{- $values := .root.Values -}}
{{- if .service.postgres }}
- name: RELAPSE_REGISTRY_POSTGRES
  valueFrom:
    secretKeyRef:
      {{- if eq $values.postgres.mode "trial" }}
      name: {{ include "relapse.name" (dict "root" .root "word" "postgres") }}
      key: connection-string
      {{- else }}
      name: {{ required "postgres.existingSecret is needed: the connection string of the database" $values.postgres.existingSecret }}
      key: {{ $values.postgres.key }}
      {{- end }}
{{- end }}
{{- if and .service.redis (ne $values.redis.mode "none") }}
- name: RELAPSE_REDIS
  valueFrom:
    secretKeyRef:
      {{- if eq $values.redis.mode "trial" }}
      name: {{ include "relapse.name" (dict "root" .root "word" "redis") }}
      key: configuration
      {{- else }}
      name: {{ required "redis.existingSecret is needed: the configuration of the cache; or redis.mode=none" $values.redis.existingSecret }}
      key: {{ $values.redis.key }}
      {{- end }}
{{- end }}
{{- if and .service.hla $values.hla.existingClaim }}
{{- with $values.hla.release }}
- name: RELAPSE_HLA_RELEASE
  value: /var/lib/relapse/hla/{{ . }}
{{- end }}
{{- with $values.hla.nmdpCodes }}
- name: RELAPSE_NMDP_CODES
  value: /var/lib/relapse/hla/{{ . }}
{{- end }}
{{- end }}
{{- if $values.trust.existingConfigMap }}
- name: SSL_CERT_FILE
  value: /etc/relapse/trust/{{ $values.trust.key }}
{{- end }}
{{- end -}}

{{/* What is mounted: dict "root" "word" "service". A list of {volume, mountPath}, as YAML, so that the two lists of a pod agree. */}}
{{- define "relapse.mounts" -}}
{{- $values := .root.Values -}}
mounts:
{{- if and (has "registry" .service.calls) (ne .service.kind "gateway") (include "relapse.hasIssuer" .root) }}
  - path: /etc/relapse/registry
    volume:
      name: registry-token
      secret:
        secretName: {{ required "auth.registryToken.existingSecret is needed: services follow the registry with a token of their own" $values.auth.registryToken.existingSecret }}
{{- end }}
{{- if $values.trust.existingConfigMap }}
  - path: /etc/relapse/trust
    volume:
      name: trust
      configMap:
        name: {{ $values.trust.existingConfigMap }}
{{- end }}
{{- if and .service.postgres $values.postgres.clientCertificate.existingSecret }}
  - path: /etc/relapse/postgres
    volume:
      name: postgres-certificate
      secret:
        secretName: {{ $values.postgres.clientCertificate.existingSecret }}
        defaultMode: 288
{{- end }}
{{- if and .service.hla $values.hla.existingClaim }}
  - path: /var/lib/relapse/hla
    volume:
      name: hla
      persistentVolumeClaim:
        claimName: {{ $values.hla.existingClaim }}
        readOnly: true
{{- end }}
{{- end -}}
