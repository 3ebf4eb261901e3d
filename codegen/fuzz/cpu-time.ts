/** How much of the processors this process takes for some work, in milliseconds: what else the machine does is no part of it. */
export function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
