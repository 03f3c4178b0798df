import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Plugin, runnerImport } from 'vite';

interface SchemaModule {
  designJsonSchema(): unknown;
}

/** Writes the JSON Schema of a design file into the built site, so that editors and other tools can check one. */
export function publishDesignSchema(): Plugin {
  let root = '';
  let outDir = '';
  return {
    name: 'spillway:publish-design-schema',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle(error?: Error) {
      if (error) return;
      const { module } = await runnerImport<SchemaModule>(join(root, 'src/design/schema.ts'));
      await mkdir(outDir, { recursive: true });
      await writeFile(
        join(outDir, 'spillway.schema.json'),
        JSON.stringify(module.designJsonSchema(), null, 2) + '\n',
      );
    },
  };
}
