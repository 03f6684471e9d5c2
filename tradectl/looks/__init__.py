"""What both terminals look and speak alike by: themes, signs with and without Unicode, languages."""
