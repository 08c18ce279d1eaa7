/**
 * How long the main thread of a page is busy: what others do on the machine meanwhile does not count.
 *
 * @returns a function that tells the milliseconds since it was last asked
 */
export async function busyOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let before = 0;
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const now = 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
    const busy = now - before;
    before = now;
    return busy;
  };
}
