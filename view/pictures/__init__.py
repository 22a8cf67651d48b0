"""Charts and panels as Plotly figures. No Streamlit here."""
