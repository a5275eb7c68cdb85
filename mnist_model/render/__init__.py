"""Arrays -> what is shown: pictures, tables and bars (HTML), charts (ECharts options), coloured maps, a printed page.

Colours come from assets/style.css and the page's theme, so that everything reads in light and dark.

May import: numpy, PIL, matplotlib; mnist_model.images, mnist_model.lesson, mnist_model.networks,
mnist_model.percent.
"""
