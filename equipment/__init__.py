"""Equipment: models, pools, units and loans; a lending library that knows no marketing."""
