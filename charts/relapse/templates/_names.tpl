{{/* The release's part of every name. */}}
{{- define "relapse.fullname" -}}
{{- if contains "relapse" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-relapse" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What finds the pods of one part of this release: dict "root" "word". Never changed: a Deployment's selector cannot be. */}}
{{- define "relapse.selector" -}}
app.kubernetes.io/name: relapse
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .word }}
{{- end -}}

{{- define "relapse.labels" -}}
{{ include "relapse.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: relapse
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "relapse.name" -}}
{{ include "relapse.fullname" .root }}-{{ .word }}
{{- end -}}

{{/* The two ports of every process (docs/configuration.md). */}}
{{- define "relapse.port.http" -}}8080{{- end -}}
{{- define "relapse.port.grpc" -}}8081{{- end -}}

{{/* An image: dict "root" "word" "image". */}}
{{- define "relapse.image" -}}
{{- $repository := .image.repository | default (printf "%s/%s" .root.Values.image.registry .word) -}}
{{- $tag := .image.tag | default .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{- printf "%s:%s" $repository $tag -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/* A service with what it does not say filled in, as YAML: dict "root" "given". */}}
{{- define "relapse.service" -}}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (.given | default dict)) | toYaml -}}
{{- end -}}

{{/* Fixed, and what the Pod Security Standard `restricted` asks for. */}}
{{- define "relapse.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "relapse.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The user of our images. */}}
{{- define "relapse.user" -}}1654{{- end -}}

{{/* Whether tokens are asked for: "true" or nothing. What is neither said nor refused is refused here. */}}
{{- define "relapse.hasIssuer" -}}
{{- $issuer := or .Values.auth.authority .Values.auth.keys -}}
{{- if and $issuer .Values.auth.anonymous -}}
{{- fail "auth.anonymous and an issuer of tokens (auth.authority, auth.keys) exclude each other" -}}
{{- end -}}
{{- if not (or $issuer .Values.auth.anonymous) -}}
{{- fail "say who may call: auth.authority and auth.audience for tokens of an issuer, or auth.anonymous=true to serve everyone who reaches the gateway" -}}
{{- end -}}
{{- if $issuer -}}
{{- if and .Values.auth.authority .Values.auth.keys -}}
{{- fail "auth.authority and auth.keys are two ways to the same keys; give one" -}}
{{- end -}}
{{- if and .Values.auth.keys (not .Values.auth.issuer) -}}
{{- fail "auth.keys does not say whose keys they are: auth.issuer is needed" -}}
{{- end -}}
true
{{- end -}}
{{- end -}}

{{/* Peers that a feature cannot do without: dict "peers" "name". A list that is empty would open the way to everywhere. */}}
{{- define "relapse.peers" -}}
{{- if not .peers -}}
{{- fail (printf "networkPolicy.%s is needed: who is at the other end?" .name) -}}
{{- end -}}
{{ toYaml .peers }}
{{- end -}}
