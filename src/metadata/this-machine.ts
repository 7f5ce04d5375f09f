/** Whether a host is this machine, where nobody else can listen on the way: loopback, or the folder of a Unix socket. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\/.*)$/i.test(host);
}
