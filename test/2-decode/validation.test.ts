import { describe, expect, test } from 'vitest';
import { closest } from '../../src/2-decode/unknown-field.ts';
import { hostsOverlap, isSubsetOf } from '../../src/2-decode/validation/domain-name.ts';
import { faultOfDuration, parseGoDuration } from '../../src/2-decode/validation/go-duration.ts';
import { faultOfHeaderValue } from '../../src/2-decode/validation/header-value.ts';
import { isIpAddress, isSubnet } from '../../src/2-decode/validation/ip-address.ts';
import { hasPlaceholder, hasPlaceholderInName } from '../../src/2-decode/validation/placeholder.ts';

test.each<[text: string, nanoseconds: bigint | undefined]>([
  ['1h30m', 5_400_000_000_000n],
  ['1.5s', 1_500_000_000n],
  ['500ms', 500_000_000n],
  ['.5s', 500_000_000n],
  ['1.s', 1_000_000_000n],
  ['+5s', 5_000_000_000n],
  ['-1s', -1_000_000_000n],
  ['1us1ns', 1001n],
  ['1µs', 1000n],
  ['0', 0n],
  ['-0', 0n],
  ['292y', undefined],
  ['99999999h', undefined],
  ['5', undefined],
  ['', undefined],
  ['s', undefined],
  ['.s', undefined],
  ['1 s', undefined],
  ['1d', undefined],
  ['--1s', undefined],
])('Go reads the duration %j', (text, nanoseconds) => {
  expect(parseGoDuration(text)).toBe(nanoseconds);
});

test.each([
  ['1ms', undefined],
  ['999us', 'it is shorter than `1ms`'],
  ['1.0005s', 'it is finer than milliseconds'],
  ['5', 'it has no unit, such as `s` or `ms`'],
  ['soon', 'it is not a duration such as `1.5s`, `500ms` or `1h30m`'],
])('istiod on the duration %j', (text, fault) => {
  expect(faultOfDuration(text)).toBe(fault);
});

test.each([
  ['a', true],
  ['100%%', true],
  ['%HOSTNAME%', true],
  ['%REQ(x-user)%-%START_TIME%', true],
  ['%DYNAMIC_METADATA(["a", "b"])%', true],
  ['%A ( [ "b" ] ) %', true],
  ['50%', false],
  ['%START_TIME%%', false],
  ['%X(a', false],
  ['%X([a])%', false],
  ['%X("a\\', false],
  ['a\u0007', false],
])('whether Envoy takes the header value %j', (value, valid) => {
  expect(faultOfHeaderValue(value) === undefined).toBe(valid);
});

test.each([
  ['a.b', 'a.b', true],
  ['a.b', 'a.c', false],
  ['*.b', 'a.b', true],
  ['*.b', 'b', false],
  ['*', 'a', true],
  ['*.b', '*.a.b', true],
  ['*.a', '*.b', false],
])('whether %s and %s have names in common', (a, b, overlap) => {
  expect(hostsOverlap(a, b)).toBe(overlap);
  expect(hostsOverlap(b, a)).toBe(overlap);
});

test.each([
  ['a.b', '*.b', true],
  ['*.a.b', '*.b', true],
  ['*.b', '*.a.b', false],
  ['*.b', 'a.b', false],
  ['a', 'a', true],
])('whether %s is within %s', (host, other, within) => {
  expect(isSubsetOf(host, other)).toBe(within);
});

test.each([
  ['10.0.0.1', true, true],
  ['10.0.0.0/8', false, true],
  ['10.0.0.0/33', false, false],
  ['10.0.0.256', false, false],
  ['10.0.0', false, false],
  ['010.0.0.1', false, false],
  ['::1', true, true],
  ['fe80::/10', false, true],
  ['::1/129', false, false],
  ['a:b', false, false],
  ['[::1]', false, false],
])('addresses: %s', (text, address, subnet) => {
  expect(isIpAddress(text)).toBe(address);
  expect(isSubnet(text)).toBe(subnet);
});

describe('placeholders', () => {
  test.each([
    [`login.\${DOMAIN}`, true, true],
    ['$(NAMESPACE).svc', true, true],
    ['{{ .Values.host }}', true, true],
    ['###HOST###', true, true],
    ['DEX_SERVICE.DEX_NAMESPACE.svc', false, true],
    ['a.NAMESPACE_PLACEHOLDER', false, true],
    ['reviews_v2', false, false],
    ['example.com', false, false],
    ['$x', false, false],
  ])('%s', (text, anywhere, inName) => {
    expect(hasPlaceholder(text)).toBe(anywhere);
    expect(hasPlaceholderInName(text)).toBe(inName);
  });
});

test.each([
  ['ggateways', 'gateways'],
  ['Hosts', 'hosts'],
  ['https', 'http'],
  ['colour', undefined],
  ['x', undefined],
])('what %s may stand for', (word, meant) => {
  expect(closest(word, ['hosts', 'gateways', 'http', 'tls', 'tcp', 'exportTo'])).toBe(meant);
});
