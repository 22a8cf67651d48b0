"""What is said of a run or an offer, in words and numbers. No Streamlit here."""
