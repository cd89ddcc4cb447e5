import { ConfigProvider, theme } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { cssValue, type ThemeMode, useThemeMode } from '../theme.ts'

/** Gives antd's parts the studio's look: every token comes from `theme.css`. */
export function AntdProvider({ children }: { children: ReactNode }) {
  const mode = useThemeMode()
  const { i18n } = useTranslation()
  const config = useMemo(() => antdTheme(mode), [mode])
  return (
    <ConfigProvider theme={config} locale={i18n.language === 'zh-CN' ? zhCN : enUS} wave={{ disabled: true }}>
      {children}
    </ConfigProvider>
  )
}

function antdTheme(mode: ThemeMode) {
  const value = cssValue
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: value('--bl-accent'),
      colorInfo: value('--bl-accent'),
      colorLink: value('--bl-accent'),
      colorSuccess: value('--bl-ok'),
      colorWarning: value('--bl-warn-line'),
      colorError: value('--bl-error'),
      colorText: value('--bl-text'),
      colorTextSecondary: value('--bl-text-2'),
      colorTextTertiary: value('--bl-text-3'),
      colorTextPlaceholder: value('--bl-text-3'),
      colorTextLightSolid: value('--bl-on-accent'),
      colorBorder: value('--bl-border-strong'),
      colorBorderSecondary: value('--bl-border'),
      colorBgBase: value('--bl-surface'),
      colorBgContainer: value('--bl-raised'),
      colorBgElevated: value('--bl-raised'),
      colorBgLayout: value('--bl-bg'),
      colorFillSecondary: value('--bl-hover'),
      fontFamily: value('--bl-font'),
      fontSize: 14,
      borderRadius: 8,
      controlHeight: 32,
      boxShadow: value('--bl-shadow-1'),
      boxShadowSecondary: value('--bl-shadow-2'),
      motionDurationFast: '0.12s',
      motionDurationMid: '0.15s',
      motionDurationSlow: '0.18s',
      motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    components: {
      Splitter: { splitBarSize: 1, splitTriggerSize: 9, splitBarDraggableSize: 24 },
      Select: { optionSelectedBg: value('--bl-accent-soft') },
      Tooltip: { colorBgSpotlight: value('--bl-text'), colorTextLightSolid: value('--bl-bg') },
    },
  }
}
