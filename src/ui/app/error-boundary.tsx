import { Component, type ErrorInfo, type ReactNode } from 'react';
import type { Studio } from '../../store/studio.ts';
import { saveDesignFile } from './design-file.ts';

interface Props {
  studio: Studio;
  children: ReactNode;
}

/**
 * What is shown when drawing fails: the sentence, and ways on that keep the design. The document lives outside React,
 * so it can still be downloaded, and trying again draws the same document anew.
 */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error('The page could not be drawn.', error, info.componentStack);
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="crash" role="alert">
        <h1>The page could not be drawn</h1>
        <p>Your design is still here. Download it, then try again.</p>
        <p className="quiet">{error.message}</p>
        <div className="crash-actions">
          <button
            type="button"
            className="btn line primary"
            onClick={() => saveDesignFile(this.props.studio)}
          >
            Download your design
          </button>
          <button type="button" className="btn line" onClick={() => this.setState({ error: null })}>
            Try again
          </button>
          <button type="button" className="btn line" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      </main>
    );
  }
}
