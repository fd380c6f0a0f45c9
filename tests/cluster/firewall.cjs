// From rendered manifests, the firewall of each pod as its NetworkPolicies have it: <component>.rules in a folder, for iptables-restore.
// Who has which addresses is said by a file with a line for each component: component, its addresses, namespace, and labels of its pods
// or of its namespace (namespace:key=value) where no Deployment of the manifests has them. What a policy says that is not understood
// here is refused.
//   node tests/cluster/firewall.cjs RENDERED COMPONENTS NODE FOLDER
const fs = require('node:fs');
const path = require('node:path');
const { parseAllDocuments } = require('yaml');

const [rendered, components, node, folder] = process.argv.slice(2);
const documents = parseAllDocuments(fs.readFileSync(rendered, 'utf8')).map(document => document.toJS()).filter(Boolean);
const of = kind => documents.filter(document => document.kind === kind);
const known = (object, ...keys) => {
  const unknown = Object.keys(object).filter(key => !keys.includes(key));
  if (unknown.length > 0) {
    throw new Error(`not understood: ${unknown.join(', ')}`);
  }
  return object;
};

const pods = fs.readFileSync(components, 'utf8').trim().split('\n').map(line => {
  const [component, cidr, namespace, ...labels] = line.split(' ');
  const template = of('Deployment').find(one => one.spec.template.metadata.labels['app.kubernetes.io/component'] === component)?.spec.template;
  const said = labels.map(label => label.split('='));
  return {
    component,
    cidr,
    namespace,
    isOurs: template !== undefined,
    labels: template?.metadata.labels ?? Object.fromEntries(said.filter(([key]) => !key.startsWith('namespace:'))),
    namespaceLabels: Object.fromEntries(said.filter(([key]) => key.startsWith('namespace:')).map(([key, value]) => [key.slice('namespace:'.length), value])),
  };
});
const release = pods.find(pod => pod.isOurs).namespace;
const has = (labels, selector) => Object.entries(known(selector, 'matchLabels').matchLabels ?? {}).every(([key, value]) => labels[key] === value);

function addresses(peer) {
  known(peer, 'podSelector', 'namespaceSelector', 'ipBlock');
  if (peer.ipBlock) {
    return [known(peer.ipBlock, 'cidr').cidr];
  }
  return pods
    .filter(pod => (peer.namespaceSelector ? has(pod.namespaceLabels, peer.namespaceSelector) : pod.namespace === release) && has(pod.labels, peer.podSelector ?? {}))
    .map(pod => pod.cidr);
}

// No peers are everybody, and no ports every port.
function open(chain, rule, peers) {
  known(rule, 'from', 'to', 'ports');
  const from = peers ? peers.flatMap(addresses) : ['0.0.0.0/0'];
  const ports = rule.ports ? rule.ports.map(port => {
    known(port, 'port', 'protocol');
    if (!Number.isInteger(port.port)) {
      throw new Error(`not understood: port ${port.port}`);
    }
    return `-p ${port.protocol.toLowerCase()} --dport ${port.port}`;
  }) : [''];
  return from.flatMap(cidr => ports.map(port => `-A ${chain} ${chain === 'INPUT' ? '-s' : '-d'} ${cidr} ${port} -j ACCEPT`));
}

fs.mkdirSync(folder, { recursive: true });
for (const pod of pods.filter(one => one.isOurs)) {
  const policies = of('NetworkPolicy').map(policy => known(policy.spec, 'podSelector', 'policyTypes', 'ingress', 'egress')).filter(spec => has(pod.labels, spec.podSelector));
  const closed = type => policies.some(spec => spec.policyTypes.includes(type));
  // What is in progress is answered; the node, with its probes, always gets in.
  const rules = ['INPUT', 'OUTPUT'].flatMap(chain => [`-A ${chain} -${chain === 'INPUT' ? 'i' : 'o'} lo -j ACCEPT`, `-A ${chain} -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`]);
  rules.push(`-A INPUT -s ${node} -j ACCEPT`);
  rules.push(...policies.flatMap(spec => (spec.ingress ?? []).flatMap(rule => open('INPUT', rule, rule.from))));
  rules.push(...policies.flatMap(spec => (spec.egress ?? []).flatMap(rule => open('OUTPUT', rule, rule.to))));
  for (const [chain, type] of [['INPUT', 'Ingress'], ['OUTPUT', 'Egress']]) {
    if (closed(type)) {
      rules.push(`-A ${chain} -p tcp -j REJECT --reject-with tcp-reset`, `-A ${chain} -j DROP`);
    }
  }
  fs.writeFileSync(path.join(folder, `${pod.component}.rules`), ['*filter', ...rules, 'COMMIT', ''].join('\n'));
}
