"""How the editor feels with large graphs: frames, typing and opening, measured in a browser."""
