"""What providers tell about messages, and what people answer: verified, stored once, applied by a job."""
