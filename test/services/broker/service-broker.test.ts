import { describe, expect, it } from 'vitest';
import { askBroker } from './ask-broker.ts';
import { ServiceBroker } from './service-broker.ts';

describe('the broker of shared services', () => {
  it('starts a service once, when it is first asked for, and stops it at the end', async () => {
    const events: string[] = [];
    const lake = async () => {
      events.push('started');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return {
        url: 'http://lake',
        [Symbol.asyncDispose]: async () => {
          events.push('stopped');
        },
      };
    };
    const broker = await ServiceBroker.open({ lake });
    const { url } = broker;
    expect(events).toEqual([]);
    const facts = await Promise.all([1, 2, 3].map(() => askBroker(url, 'lake')));
    expect(facts).toEqual(Array(3).fill('{"url":"http://lake"}'));
    expect(events).toEqual(['started']);
    await broker[Symbol.asyncDispose]();
    expect(events).toEqual(['started', 'stopped']);
    await expect(askBroker(url, 'lake')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('fails everybody who asks for one that does not start, with its reason', async () => {
    let starts = 0;
    const lake = async () => {
      starts += 1;
      throw new Error('the NameNode ended');
    };
    await using broker = await ServiceBroker.open({ lake });
    for (let twice = 0; twice < 2; twice++) {
      await expect(askBroker(broker.url, 'lake')).rejects.toThrow('the NameNode ended');
    }
    expect(starts).toBe(1);
    await expect(askBroker(broker.url, 'sea')).rejects.toThrow('there is no service sea');
  });
});
