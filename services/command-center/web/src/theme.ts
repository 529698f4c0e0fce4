import { theme, type ThemeConfig } from 'antd';

/** The system's own fonts: nothing is fetched. */
const FONTS = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "微软雅黑", system-ui, sans-serif';

const TOKEN = {
  fontFamily: FONTS,
  fontSize: 14,
  borderRadius: 6,
  colorPrimary: '#1655cc',
  colorLink: '#1655cc',
  colorPrimaryHover: '#1f5fcf',
  colorError: '#cc1f2d',
  colorWarning: '#b45309',
  colorSuccess: '#14753a',
  motionDurationMid: '0.1s',
  motionDurationSlow: '0.15s',
  wireframe: false,
};

export const lightTheme: ThemeConfig = {
  token: {
    ...TOKEN,
    colorTextPlaceholder: '#6b7485',
    // The palette made from dark seeds is muddy; these are the page's own soft tones.
    colorSuccessBg: '#e7f6ec',
    colorSuccessBorder: '#b7dfc5',
    colorWarningBg: '#fff6e5',
    colorWarningBorder: '#f0d48a',
    colorErrorBg: '#fdecee',
    colorErrorBorder: '#f3b6bc',
  },
  hashed: false,
};
/** The page's own dark tones; those that the palette makes are blue where lines and fields should be quiet. */
export const darkTheme: ThemeConfig = {
  token: {
    ...TOKEN,
    colorPrimary: '#7eaaff',
    colorPrimaryHover: '#9dbeff',
    colorLink: '#7eaaff',
    colorError: '#ff858c',
    colorWarning: '#ff9d4d',
    colorSuccess: '#4cc47f',
    colorBgBase: '#0b1220',
    colorBgContainer: '#17233a',
    colorBgElevated: '#1a2640',
    colorBorder: '#3d5073',
    colorBorderSecondary: '#22304a',
    colorText: '#edf2fb',
    colorTextPlaceholder: '#93a1b8',
    // On the light tones of a dark screen white is too faint.
    colorTextLightSolid: '#0b1220',
  },
  algorithm: theme.darkAlgorithm,
  hashed: false,
};
