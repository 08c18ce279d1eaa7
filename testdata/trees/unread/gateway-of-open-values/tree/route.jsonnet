{ kind: 'VirtualService', spec: { gateways: ['${gateway}'] } }
