// One of several processes that want the same lock. Arguments: module of the store, folder, seed, rounds, share of rounds
// in which it dies holding the lock. Prints one line a hold; exits with 3 where two were inside at once.
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [module, folder, seedText, roundsText, shareText] = process.argv.slice(2);
const { localStore } = await import(module);
let seed = Number(seedText);
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const options = { signal: new AbortController().signal };
const inside = join(folder, 'inside');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

for (let round = 0; round < Number(roundsText); ) {
  let lock;
  try {
    lock = await localStore.lock(folder, 'target', `run-${process.pid}-${round}`, options);
  } catch (error) {
    if (error.code !== 'ATLAS_TARGET_LOCKED') throw error;
    await pause(random() * 3);
    continue;
  }
  round += 1;
  enter();
  await pause(random() * 4);
  await lock.confirm(options);
  if (random() < Number(shareText)) {
    process.stdout.write('died\n', () => process.kill(process.pid, 'SIGKILL'));
    await pause(1e6);
  }
  unlinkSync(inside);
  await lock[Symbol.asyncDispose]();
  process.stdout.write('held\n');
  await pause(random() * 3);
}

function enter() {
  try {
    writeFileSync(inside, String(process.pid), { flag: 'wx' });
  } catch {
    const other = Number(readFileSync(inside, 'utf8'));
    if (isAlive(other)) {
      console.error(`process ${other} is inside, and so is ${process.pid}`);
      process.exit(3);
    }
    writeFileSync(inside, String(process.pid));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
