{{/* Of a pod that publishes: dict "root" "word" "service". An empty map for every other. */}}
{{- define "relapse.daprAnnotations" -}}
{{- if and .root.Values.dapr.enabled .service.events -}}
dapr.io/enabled: "true"
dapr.io/app-id: {{ include "relapse.name" . }}
dapr.io/disable-builtin-k8s-secret-store: "true"
dapr.io/log-as-json: "true"
dapr.io/sidecar-drop-all-capabilities: "true"
dapr.io/sidecar-seccomp-profile-type: RuntimeDefault
dapr.io/sidecar-cpu-request: 50m
dapr.io/sidecar-memory-request: 64Mi
dapr.io/sidecar-memory-limit: 128Mi
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* Whether events go to a broker that is not the Redis of this release. */}}
{{- define "relapse.hasBrokerElsewhere" -}}
{{- if and .Values.dapr.enabled (or .Values.dapr.pubsub.metadata (not .Values.dapr.pubsub.create)) -}}
true
{{- end -}}
{{- end -}}
