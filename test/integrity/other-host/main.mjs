// The command as on another host: the lock beside a local target does not reach it. `FAR`: nor can it see that a process has died.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
const { main } = await import('../../../dist/cli/main.js');
await main();
