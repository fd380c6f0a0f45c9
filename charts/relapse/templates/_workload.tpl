{{/* One service's objects, each of dict "root" "word" "service". */}}

{{- define "relapse.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
  {{- with .service.serviceAccountAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}

{{/*
Headless, so that a name stands for every replica and callers choose among them: one connection of HTTP/2 through a virtual address
would stay with one replica. The gateway is called by whoever, and has an address.
*/}}
{{- define "relapse.networkService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  {{- if ne .service.kind "gateway" }}
  clusterIP: None
  {{- end }}
  selector: {{- include "relapse.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ include "relapse.port.http" . }}
      targetPort: http
      appProtocol: http
    - name: grpc
      port: {{ include "relapse.port.grpc" . }}
      targetPort: grpc
      appProtocol: kubernetes.io/h2c
{{- end -}}

{{- define "relapse.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .service.maxUnavailable }}
  selector:
    matchLabels: {{- include "relapse.selector" . | nindent 6 }}
{{- end -}}

{{- define "relapse.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "relapse.name" . }}
  minReplicas: {{ .service.autoscaling.min }}
  maxReplicas: {{ .service.autoscaling.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .service.autoscaling.cpuPercent }}
{{- end -}}

{{- define "relapse.deployment" -}}
{{- $mounts := (include "relapse.mounts" . | fromYaml).mounts -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "relapse.name" . }}
  labels: {{- include "relapse.labels" . | nindent 4 }}
spec:
  {{- if not .service.autoscaling.enabled }}
  replicas: {{ .service.replicas }}
  {{- end }}
  minReadySeconds: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels: {{- include "relapse.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "relapse.labels" . | nindent 8 }}
        {{- with .service.podLabels }}{{ toYaml . | nindent 8 }}{{ end }}
      {{- $annotations := merge (deepCopy .service.podAnnotations) (include "relapse.daprAnnotations" . | fromYaml) }}
      {{- with $annotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "relapse.name" . }}
      automountServiceAccountToken: false
      # A Service that happens to be called `relapse` would be RELAPSE_SERVICE_HOST, which the gateway reads as a setting of its own.
      enableServiceLinks: false
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      securityContext: {{- include "relapse.podSecurity" (dict "user" (include "relapse.user" .)) | nindent 8 }}
      # What is waited before it is told to stop, the 30 seconds that a process gives its calls, and a margin.
      terminationGracePeriodSeconds: {{ add .service.drainSeconds 35 }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "relapse.selector" $ | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- with .service.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .service.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .service.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      containers:
        - name: {{ .word }}
          image: {{ include "relapse.image" (dict "root" .root "word" .word "image" .service.image) }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: {{ include "relapse.port.http" . }}
            - name: grpc
              containerPort: {{ include "relapse.port.grpc" . }}
          env: {{- include "relapse.environment" . | nindent 12 }}
          {{- include "relapse.probes" . | nindent 10 }}
          lifecycle:
            preStop:
              sleep:
                seconds: {{ .service.drainSeconds }}
          resources: {{- toYaml .service.resources | nindent 12 }}
          securityContext: {{- include "relapse.containerSecurity" . | nindent 12 }}
          {{- with $mounts }}
          volumeMounts:
            {{- range . }}
            - name: {{ .volume.name }}
              mountPath: {{ .path }}
              readOnly: true
            {{- end }}
          {{- end }}
      {{- with $mounts }}
      volumes:
        {{- range . }}
        - {{- toYaml .volume | nindent 10 }}
        {{- end }}
      {{- end }}
{{- end -}}

{{/*
Live is that the process answers at all: one that waits for its registry or its database is, and is not to be restarted for it. Ready
is that it can answer a call: its versions are compiled and certified, its labels resolve. The gateway has no gRPC health of its own:
ready is that it reaches a service.
*/}}
{{- define "relapse.probes" -}}
startupProbe:
  httpGet:
    path: /healthz/live
    port: http
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /healthz/live
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  {{- if eq .service.kind "gateway" }}
  httpGet:
    path: /healthz/ready
    port: http
  {{- else }}
  grpc:
    port: {{ include "relapse.port.grpc" . }}
    service: relapse.{{ .word }}.v1.{{ title .word }}Service
  {{- end }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}
