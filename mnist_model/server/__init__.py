"""HTTP in front of Streamlit: who is answered, what may be asked of it and how often, and what a server's life brings.

May import: google.protobuf, segno, starlette, streamlit, uvicorn; mnist_model.addresses, mnist_model.browser_name,
mnist_model.classroom, mnist_model.heap.
"""
