import { get } from 'node:http';

/** What the broker knows of a service, as JSON, once it has started; however long that takes. Fails with why it did not start. */
export function askBroker(url: string, service: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/${service}`, { agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.once('error', reject);
      answer.once('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    request.once('error', reject);
  });
}
