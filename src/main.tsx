import './ui/look/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createStudio } from './store/create-studio.ts';
import { App } from './ui/app/app.tsx';
import { ErrorBoundary } from './ui/app/error-boundary.tsx';
import { keepOffline } from './ui/app/keep-offline.ts';
import { StudioProvider } from './ui/app/studio-context.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root.');

const studio = createStudio();

createRoot(root).render(
  <StrictMode>
    <ErrorBoundary studio={studio}>
      <StudioProvider studio={studio}>
        <App />
      </StudioProvider>
    </ErrorBoundary>
  </StrictMode>,
);

keepOffline();
