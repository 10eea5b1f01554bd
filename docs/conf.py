# SPDX-License-Identifier: GPL-2.0
"""Sphinx' settings for make htmldocs."""
import re

with open("dkms.conf", encoding="utf-8") as f:
    release = re.search(r'^PACKAGE_VERSION="(.*)"', f.read(), re.M)[1]
project = "wq_compat"
copyright = "the wq_compat developers, GPL-2.0"
extensions = ["myst_parser"]
# Links lead to headings: page.md#a-heading.
myst_heading_anchors = 6
nitpicky = True
html_theme = "alabaster"
html_theme_options = {"page_width": "70em", "sidebar_width": "16em", "fixed_sidebar": True}
html_show_sphinx = False
html_copy_source = False
