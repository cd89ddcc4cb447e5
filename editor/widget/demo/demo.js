const wanted = new URLSearchParams(location.search).get('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
const button = document.getElementById('language')

function show(language) {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const element of document.querySelectorAll('[data-zh]')) element.textContent = element.dataset[language]
  button.textContent = language === 'zh' ? 'EN' : '中'
}

show(wanted === 'zh' ? 'zh' : 'en')
button.addEventListener('click', () => {
  const next = document.documentElement.lang === 'en' ? 'zh' : 'en'
  location.search = `?lang=${next}`
})
