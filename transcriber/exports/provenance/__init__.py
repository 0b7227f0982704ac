"""How released transcripts were made and checked, written for methods sections and committees."""
