// From rendered manifests, what is needed to run their pods by other means than a cluster: for each Deployment and Pod a file
// <component>.env with its environment (what a Secret of the release has is filled in), <component>.podman with what its security
// context and its limits are to podman, and pods.txt with a line for each: component, name of its Service (or -), image, arguments.
//   node tests/cluster/pods.cjs RENDERED FOLDER
const fs = require('node:fs');
const path = require('node:path');
const { parseAllDocuments } = require('yaml');

const [rendered, folder] = process.argv.slice(2);
const documents = parseAllDocuments(fs.readFileSync(rendered, 'utf8')).map(document => document.toJS()).filter(Boolean);
const of = kind => documents.filter(document => document.kind === kind);

function valueOf(one, pod) {
  const secret = one.valueFrom?.secretKeyRef;
  if (secret) {
    return of('Secret').find(made => made.metadata.name === secret.name)?.stringData?.[secret.key];
  }
  return one.valueFrom?.fieldRef ? pod : one.value;
}

// What is not known here would be lost without a word.
const options = {
  runAsUser: (user, { runAsGroup }) => [`--user=${user}:${runAsGroup}`],
  runAsGroup: () => [],
  runAsNonRoot: () => [],
  fsGroup: group => [`--group-add=${group}`],
  // That of podman is the default of the runtime.
  seccompProfile: ({ type }) => (type === 'RuntimeDefault' ? [] : ['--security-opt=seccomp=unconfined']),
  allowPrivilegeEscalation: may => (may ? [] : ['--security-opt=no-new-privileges']),
  readOnlyRootFilesystem: only => (only ? ['--read-only', '--read-only-tmpfs=false'] : []),
  capabilities: ({ drop = [], add = [] }) => [...drop.map(one => `--cap-drop=${one}`), ...add.map(one => `--cap-add=${one}`)],
};

function podman(spec, container) {
  const security = { ...spec.securityContext, ...container.securityContext };
  const memory = container.resources?.limits?.memory?.replace(/^(\d+)Mi$/, '$1m');
  return [
    ...Object.entries(security).flatMap(([key, value]) => options[key](value, security)),
    ...(memory ? [`--memory=${memory}`, `--memory-swap=${memory}`] : []),
  ];
}

fs.mkdirSync(folder, { recursive: true });
const lines = [...of('Deployment').map(one => one.spec.template), ...of('Pod')].map(({ metadata, spec }) => {
  const component = metadata.labels['app.kubernetes.io/component'];
  const [container] = spec.containers;
  const environment = (container.env ?? []).map(one => [one.name, valueOf(one, component)]).filter(([, value]) => value !== undefined);
  fs.writeFileSync(path.join(folder, `${component}.env`), environment.map(([name, value]) => `${name}=${value}\n`).join(''));
  fs.writeFileSync(path.join(folder, `${component}.podman`), podman(spec, container).map(option => option + '\n').join(''));
  const service = of('Service').find(one => Object.entries(one.spec.selector).every(([label, value]) => metadata.labels[label] === value));
  return [component, service?.metadata.name ?? '-', container.image, ...(container.args ?? [])].join(' ');
});
fs.writeFileSync(path.join(folder, 'pods.txt'), lines.join('\n') + '\n');
