// Loaded into the program: each thread that starts is told.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

threads.Worker = class extends threads.Worker {
  constructor(...args) {
    process.stderr.write('a thread starts\n');
    super(...args);
  }
};
syncBuiltinESMExports();
