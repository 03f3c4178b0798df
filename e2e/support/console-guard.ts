import { expect, test as base } from '@playwright/test';

/**
 * Playwright's `test`, but a test fails when a page of it logs an error or a warning, throws, or asks for something
 * that is not there: the user would see nothing of it, and we would not either.
 */
export const test = base.extend<{ consoleGuard: void }>({
  consoleGuard: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
          complaints.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
        }
      });
      context.on('weberror', (error) => complaints.push(`uncaught: ${String(error.error().stack)}`));
      context.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`);
      });
      await use();
      expect(complaints, 'the page is silent on the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
