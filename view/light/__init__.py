"""Results that need no Streamlit: cards, pictures and figures. No Streamlit here."""
