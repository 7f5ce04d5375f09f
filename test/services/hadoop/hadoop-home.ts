import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runQuietly } from '../run-quietly.ts';
import { ServerProcess } from '../server-process.ts';
import { hadoopClassPath } from './class-path.ts';

/** Names and values of a configuration file. */
export type Properties = Readonly<Record<string, string>>;

/** JAXB, which serves WebHDFS's answers, looks into java.lang: Java 17 must be told to let it. */
const JAVA = ['--add-opens', 'java.base/java.lang=ALL-UNNAMED'];
/** Options of a Java machine that starts soon and stays small. */
const SMALL = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
/** The jars lack these folders, and the servers do not start without them. */
const WEB_APPS = ['hdfs', 'datanode', 'secondary', 'static'];

/** The configuration of a Hadoop, and what runs under it. Logs stand beside it. */
export class HadoopHome {
  readonly path: string;
  readonly #classPath: string;
  readonly #options: readonly string[];

  private constructor(path: string, classPath: string, options: readonly string[]) {
    this.path = path;
    this.#options = options;
    this.#classPath = `${join(path, 'conf')}${delimiter}${classPath}`;
  }

  /** An existing one, or a folder to write one into; `options` = of the Java machines that run under it. */
  static async open(path: string, classPath?: string, options: readonly string[] = SMALL): Promise<HadoopHome> {
    return new HadoopHome(path, classPath ?? (await hadoopClassPath()), options);
  }

  /** Writes a file of the configuration, such as `core-site.xml`. */
  write(name: string, properties: Properties): void {
    const entries = Object.entries(properties).map(
      ([key, value]) => `<property><name>${key}</name><value>${value}</value></property>`,
    );
    this.writeText(name, `<configuration>${entries.join('')}</configuration>`);
  }

  writeText(name: string, text: string): void {
    const conf = join(this.path, 'conf');
    for (const app of WEB_APPS) mkdirSync(join(conf, 'webapps', app, 'WEB-INF'), { recursive: true });
    writeFileSync(
      join(conf, 'log4j.properties'),
      'log4j.rootLogger=WARN,C\nlog4j.appender.C=org.apache.log4j.ConsoleAppender\nlog4j.appender.C.layout=org.apache.log4j.SimpleLayout\n',
    );
    writeFileSync(join(conf, name), text);
  }

  /** Starts a server; `system` = properties of the Java machine, which `${…}` in the configuration stands for. */
  start(name: string, mainClass: string, args: readonly string[] = [], system: Properties = {}): ServerProcess {
    return ServerProcess.start('java', this.java(mainClass, args, system), join(this.path, `${name}.log`));
  }

  /** Runs a main class to its end; answers what it printed. */
  run(mainClass: string, args: readonly string[], system: Properties = {}): Promise<string> {
    return runQuietly('java', this.java(mainClass, args, system));
  }

  /** What `java` is called with. */
  java(mainClass: string, args: readonly string[], system: Properties = {}): string[] {
    const set = Object.entries(system).map(([key, value]) => `-D${key}=${value}`);
    return [...this.#options, ...JAVA, ...set, '-cp', this.#classPath, mainClass, ...args];
  }
}
