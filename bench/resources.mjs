// Loaded into a measured process: leaves in a file the CPU time it took, in seconds, and its peak memory, in bytes.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { RESOURCES_FILE } = process.env;
  if (!RESOURCES_FILE) return;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS * 1024 };
  writeFileSync(RESOURCES_FILE, JSON.stringify(used));
});
