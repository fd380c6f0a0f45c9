{{/* What the two small stores share: dict "root" "word". For trying things out: one replica, no backup. */}}
{{- define "relapse.store.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  selector: {{- include "relapse.selector" . | nindent 4 }}
  ports:
    - name: {{ .word }}
      port: {{ .port }}
      targetPort: {{ .word }}
{{- end -}}

{{/* Only what uses the store reaches it, and it reaches nothing. */}}
{{- define "relapse.store.networkPolicy" -}}
{{- $root := .root -}}
{{- $store := .word -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "relapse.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        {{- range $word, $given := .root.Values.services }}
        {{- $service := include "relapse.service" (dict "root" $root "given" $given) | fromYaml }}
        {{- if index $service $store }}
        - podSelector:
            matchLabels: {{- include "relapse.selector" (dict "root" $root "word" $word) | nindent 14 }}
        {{- end }}
        {{- end }}
      ports:
        - port: {{ .port }}
          protocol: TCP
{{- end -}}

{{/* The password: the one given, else the one that is there, else a new one. */}}
{{- define "relapse.store.password" -}}
{{- $there := lookup "v1" "Secret" .root.Release.Namespace (include "relapse.name" .) -}}
{{- if .given -}}
{{- .given -}}
{{- else if and $there $there.data -}}
{{- index $there.data "password" | b64dec -}}
{{- else -}}
{{- randAlphaNum 24 -}}
{{- end -}}
{{- end -}}
