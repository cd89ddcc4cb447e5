import { createRoot } from 'react-dom/client'
import './app/theme.css'
import './app/ui/ui.css'
import { App } from './app/app.tsx'
import { startI18n } from './app/i18n.ts'
import { startTheme } from './app/theme.ts'

startTheme()
await startI18n()
const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
