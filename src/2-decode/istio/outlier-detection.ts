import { boolean, checked, int32, integer, list, uint32 } from '../decoder.ts';
import { carried } from '../object.ts';
import { duration } from './values.ts';

const percent = checked(int32, (value, at) => {
  if (value < 0 || value > 100)
    at.report('number-out-of-range', { field: at.name, value, range: '0 to 100' });
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection */
export const outlierDetection = carried(
  {
    consecutiveErrors: int32,
    splitExternalLocalOriginErrors: boolean,
    consecutiveLocalOriginFailures: uint32,
    consecutiveGatewayErrors: uint32,
    consecutive5xxErrors: uint32,
    interval: duration,
    baseEjectionTime: duration,
    maxEjectionPercent: percent,
    minHealthPercent: percent,
    outlierDetectionHttpErrorCodes: list(integer(100, 599)),
    failurePercentageThreshold: percent,
  },
  {
    removed: {
      http: {
        was: 'the wrapper around the other fields',
        now: 'Write the fields right here, and `consecutive5xxErrors` for `consecutiveErrors`.',
      },
    },
    check(value, at) {
      const { consecutiveLocalOriginFailures: failures, splitExternalLocalOriginErrors: split } = value;
      if (typeof failures === 'number' && failures > 0 && split !== true)
        at.child('consecutiveLocalOriginFailures').report('outlier-split-missing', {});
    },
  },
);
