import type { ComponentType } from 'react'
import { createBrowserRouter, Navigate } from 'react-router'
import { HomePage } from './home/home-page.tsx'
import { loadWithTexts } from './lazy-with-texts.ts'
import { BrokenPage } from './shell/broken-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { Shell } from './shell/shell.tsx'

/** A page whose texts come with it. */
const withTexts = (namespace: string, page: () => Promise<ComponentType>) => async () => ({
  Component: await loadWithTexts(namespace, page),
})

/** Every view has a URL. What belongs to a bot is loaded when a bot is opened. */
export const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <div />,
    children: [
      {
        errorElement: <BrokenPage />,
        children: [
          { index: true, element: <HomePage /> },
          { path: 'new', element: <HomePage newBot /> },
          {
            path: 'bots/:bot',
            lazy: async () => ({ Component: (await import('./bot/bot-layout.tsx')).BotLayout }),
            children: [
              { index: true, element: <Navigate to="canvas" replace /> },
              {
                path: 'canvas',
                lazy: async () => ({ Component: (await import('./canvas/canvas-page.tsx')).CanvasPage }),
              },
              {
                path: 'data/:set?',
                lazy: async () => ({ Component: (await import('./data/data-page.tsx')).DataPage }),
              },
              {
                path: 'reports',
                lazy: withTexts('reports', async () => (await import('./reports/reports-page.tsx')).ReportsPage),
              },
              {
                path: 'reports/compare',
                lazy: withTexts('reports', async () => (await import('./reports/compare-page.tsx')).ComparePage),
              },
              {
                path: 'reports/:run',
                lazy: withTexts('reports', async () => (await import('./reports/report-page.tsx')).ReportPage),
              },
              {
                path: 'insights',
                lazy: withTexts('insights', async () => (await import('./insights/insights-page.tsx')).InsightsPage),
              },
              {
                path: 'unanswered',
                lazy: withTexts(
                  'unanswered',
                  async () => (await import('./unanswered/unanswered-page.tsx')).UnansweredPage,
                ),
              },
              {
                path: 'versions/:pair',
                lazy: async () => ({ Component: (await import('./versions/compare-page.tsx')).ComparePage }),
              },
              {
                path: 'tests',
                lazy: async () => ({ Component: (await import('./tests/tests-page.tsx')).TestsPage }),
              },
              {
                path: 'versions',
                lazy: async () => ({ Component: (await import('./versions/versions-page.tsx')).VersionsPage }),
              },
            ],
          },
          {
            path: 'chats/:chat?',
            lazy: withTexts('chats', async () => (await import('./chats/chats-page.tsx')).ChatsPage),
          },
          {
            path: 'settings/:section?',
            lazy: withTexts('settings', async () => (await import('./settings/settings-page.tsx')).SettingsPage),
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
])
