/**
 * One VirtualService of the kind that people write most: a header, paths, a rewrite, weights, a timeout. Nearly all of
 * it can be converted by other tools, too.
 *
 * @param {number} number
 * @param {string} apiVersion
 */
export function virtualService(number, apiVersion = 'networking.istio.io/v1') {
  const name = `app-${number}`;
  return `apiVersion: ${apiVersion}
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop-${number % 50}
  labels:
    app: ${name}
spec:
  hosts:
  - ${name}
  http:
  - name: testers
    match:
    - headers:
        end-user:
          exact: tester
    route:
    - destination:
        host: ${name}-beta
        port:
          number: 8080
  - name: api
    match:
    - uri:
        prefix: /api/v${number % 3}/
    rewrite:
      uri: /
    timeout: 3s
    route:
    - destination:
        host: ${name}-api
        port:
          number: 8080
  - route:
    - destination:
        host: ${name}
        port:
          number: 8080
      weight: 90
    - destination:
        host: ${name}-next
        port:
          number: 8080
      weight: 10
`;
}

/** @param {number} count of VirtualServices in one text */
export function virtualServices(count, apiVersion = 'networking.istio.io/v1') {
  return Array.from({ length: count }, (_, index) => virtualService(index, apiVersion)).join('---\n');
}

/**
 * VirtualServices of one kind, each with a timeout of its own, so that the conversion of none is that of another.
 *
 * @param {number} count of VirtualServices in one text
 */
export function unlikeVirtualServices(count) {
  return Array.from({ length: count }, (_, index) => unlikeVirtualService(index)).join('---\n');
}

/** @param {number} number */
export function unlikeVirtualService(number) {
  return virtualService(number).replace('3s', `${3 + number}s`);
}

/** A manifest that has nothing to do with routing, as most of a repository. */
export function deployment(number) {
  const name = `app-${number}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
      - name: main
        image: registry.example.com/team/${name}:1.2.3
        ports:
        - containerPort: 8080
        env:
        - name: MODE
          value: production
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
        readinessProbe:
          httpGet:
            path: /healthz
            port: 8080
`;
}

/** A VirtualService with many entries, each of them able to hide those below it. */
export function longVirtualService(entries) {
  const items = Array.from(
    { length: entries },
    (_, index) => `  - match:
    - uri:
        ${index % 3 === 0 ? 'exact' : 'prefix'}: /part-${index % 40}/${index}
      headers:
        x-group:
          exact: g${index % 7}
    route:
    - destination:
        host: app-${index % 5}
        port:
          number: 8080
`,
  );
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: long
  namespace: shop
spec:
  hosts:
  - app
  http:
${items.join('')}  - route:
    - destination:
        host: app
        port:
          number: 8080
`;
}
