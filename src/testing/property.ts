import { fc } from '@fast-check/vitest';

// An array that may have 400 elements has them: by itself fast-check keeps to about ten whatever is allowed.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

export { fc, test } from '@fast-check/vitest';
